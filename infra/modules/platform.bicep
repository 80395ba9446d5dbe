// Everything that the apps stand on.
import { apps, identityOf, vaultName } from '../names.bicep'

param location string
param postgresSku { name: string, tier: string }
param postgresStandby bool
param postgresStorageGb int
param postgresServer string
param redisSku string
param redisStandby bool
param purgeProtection bool
param licensed bool
param logDays int

resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = [for app in apps: {
  name: identityOf(app)
  location: location
}]

module network 'network.bicep' = {
  params: { location: location }
}

module logs 'logs.bicep' = {
  params: { location: location, days: logDays }
}

module registry 'registry.bicep' = {
  params: { location: location }
  dependsOn: [identities]
}

module vault 'vault.bicep' = {
  params: {
    location: location
    purgeProtection: purgeProtection
    licensed: licensed
    subnet: network.outputs.endpoints
    zone: network.outputs.vaultZone
    workspace: logs.outputs.workspace
  }
  dependsOn: [identities]
}

resource keyVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName(resourceGroup().id)
}

module postgres 'postgres.bicep' = {
  params: {
    location: location
    sku: postgresSku
    standby: postgresStandby
    storageGb: postgresStorageGb
    name: postgresServer
    administratorPassword: keyVault.getSecret('postgres-admin-password')
    subnet: network.outputs.endpoints
    zone: network.outputs.postgresZone
    workspace: logs.outputs.workspace
  }
  dependsOn: [vault]
}

module redis 'redis.bicep' = {
  params: {
    location: location
    sku: redisSku
    standby: redisStandby
    subnet: network.outputs.endpoints
    zone: network.outputs.redisZone
  }
  dependsOn: [vault]
}

module environment 'environment.bicep' = {
  params: {
    location: location
    subnet: network.outputs.apps
    workspace: logs.outputs.workspace
  }
}

output registry string = registry.outputs.server
output domain string = environment.outputs.domain
output appsNetwork string = network.outputs.appsNetwork
output postgresHost string = postgres.outputs.host
output vault string = vault.outputs.name
