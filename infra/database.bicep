// The Database job: roles, schemas, grants and migrations. It starts by hand, or by azd after its image was deployed.
import { identityOf, local, secretReferences, variables } from 'names.bicep'

param location string = resourceGroup().location

@description('The image with its tag or digest, in our registry.')
param image string

@description('Host name of the Postgres server.')
param postgresHost string

var settings = {
  ConnectionStrings__shop: 'Host=${postgresHost};Port=5432;Database=shop;Username=${local.administrator};SSL Mode=VerifyFull'
}
var fromVault = {
  PGPASSWORD: 'postgres-admin-password'
  Roles__identity_app: 'identity-app-password'
  Roles__catalog_app: 'catalog-app-password'
  Roles__orders_app: 'orders-app-password'
  Audit__Keys__identity: 'identity-audit-public-key'
  Audit__Keys__catalog: 'catalog-audit-public-key'
  Audit__Keys__orders: 'orders-audit-public-key'
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityOf('database')
}

resource environment 'Microsoft.App/managedEnvironments@2025-07-01' existing = {
  name: local.environment
}

resource job 'Microsoft.App/jobs@2025-07-01' = {
  name: 'database'
  location: location
  tags: { 'azd-service-name': 'database' }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      triggerType: 'Manual'
      manualTriggerConfig: { parallelism: 1, replicaCompletionCount: 1 }
      replicaTimeout: 900
      replicaRetryLimit: 0
      identitySettings: [{ identity: identity.id, lifecycle: 'None' }]
      registries: [{ server: first(split(image, '/')), identity: identity.id }]
      secrets: secretReferences(fromVault, identity.id, resourceGroup().id)
    }
    template: {
      containers: [
        {
          name: 'database'
          image: image
          resources: { cpu: json('0.5'), memory: '1Gi' }
          env: variables(settings, fromVault)
        }
      ]
    }
  }
}
