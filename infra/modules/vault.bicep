// The vault, every secret of the system in it, and who may read which. It has no public address, and nobody needs one: secrets are
// written through the management plane.
import { apps, identityOf, vaultName } from '../names.bicep'

param location string
param purgeProtection bool
param licensed bool

param subnet string
param zone string
param workspace string

// The password of Postgres' administrator, which the server needs at its birth: twice 122 random bits. Nothing else may hold it, not
// even for a moment: who may read a secret may read its earlier versions, too.
@secure()
param administratorFirst string = newGuid()
@secure()
param administratorSecond string = newGuid()

// What the others hold until the real ones are made: random as well, so that what is forgotten opens nothing.
@secure()
param placeholder string = newGuid()

// `make` says what kind of secret it is to the one who makes it; `readers` are the only ones that can read it.
var secrets = concat([
  { name: 'postgres-admin-password', readers: ['database'], tags: {} }
  { name: 'identity-app-password', readers: ['database', 'identity'], tags: { make: 'password' } }
  { name: 'catalog-app-password', readers: ['database', 'catalog'], tags: { make: 'password' } }
  { name: 'orders-app-password', readers: ['database', 'orders'], tags: { make: 'password' } }
  { name: 'identity-key-certificate', readers: ['identity'], tags: { make: 'sealing-certificate' } }
  { name: 'identity-master-key', readers: ['identity'], tags: { make: 'sealing-key' } }
  { name: 'identity-lookup-key', readers: ['identity'], tags: { make: 'lookup-key' } }
  { name: 'orders-master-key', readers: ['orders'], tags: { make: 'sealing-key' } }
  { name: 'orders-service-key', readers: ['orders'], tags: { make: 'ec-p256-private-key', 'public-part': 'orders-service-public-key' } }
  { name: 'orders-service-public-key', readers: ['identity'], tags: {} }
  { name: 'catalog-service-key', readers: ['catalog'], tags: { make: 'ec-p256-private-key', 'public-part': 'catalog-service-public-key' } }
  { name: 'catalog-service-public-key', readers: ['identity'], tags: {} }
  { name: 'gateway-key', readers: ['gateway'], tags: { make: 'ec-p256-private-key', 'public-part': 'gateway-public-key' } }
  { name: 'gateway-public-key', readers: ['identity'], tags: {} }
  { name: 'identity-audit-key', readers: ['identity'], tags: { make: 'ec-p256-private-key', 'public-part': 'identity-audit-public-key' } }
  { name: 'identity-audit-public-key', readers: ['database'], tags: {} }
  { name: 'catalog-audit-key', readers: ['catalog'], tags: { make: 'ec-p256-private-key', 'public-part': 'catalog-audit-public-key' } }
  { name: 'catalog-audit-public-key', readers: ['database'], tags: {} }
  { name: 'orders-audit-key', readers: ['orders'], tags: { make: 'ec-p256-private-key', 'public-part': 'orders-audit-public-key' } }
  { name: 'orders-audit-public-key', readers: ['database'], tags: {} }
  { name: 'demo-client-secret', readers: ['identity'], tags: { make: 'password' } }
  { name: 'mail-password', readers: ['identity'], tags: {} }
  { name: 'redis-connection', readers: ['identity', 'catalog', 'gateway'], tags: {} }
], licensed ? [{ name: 'identity-licence', readers: ['identity'], tags: {} }] : [])

var grants = flatten(map(range(0, length(secrets)), i => map(secrets[i].readers, reader => { secret: i, reader: reader })))
var secretsUser = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')

resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [for app in apps: {
  name: identityOf(app)
}]

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: vaultName(resourceGroup().id)
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 30
    // The service takes true or nothing.
    enablePurgeProtection: purgeProtection ? true : null
    // For the administrator's password, which goes from here to the Postgres server within a deployment.
    enabledForTemplateDeployment: true
    publicNetworkAccess: 'Disabled'
    networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' }
  }
}

// Generated once: a secret that is there is left alone.
@onlyIfNotExists()
resource announced 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = [for secret in secrets: {
  parent: vault
  name: secret.name
  tags: secret.tags
  properties: { value: secret.name == 'postgres-admin-password' ? '${administratorFirst}-${administratorSecond}' : placeholder }
}]

resource readers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for grant in grants: {
  name: guid(vault.id, secrets[grant.secret].name, grant.reader, secretsUser)
  scope: announced[grant.secret]
  properties: {
    principalId: identities[indexOf(apps, grant.reader)].properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: secretsUser
  }
}]

module endpoint 'endpoint.bicep' = {
  params: { name: 'vault', location: location, target: vault.id, group: 'vault', subnet: subnet, zone: zone }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspace
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

output name string = vault.name
