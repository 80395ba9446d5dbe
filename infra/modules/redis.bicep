// Redis, with a private address alone. Its connection string goes into the vault.
import { global, vaultName } from '../names.bicep'

param location string
param sku string
param standby bool
param subnet string
param zone string

resource redis 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: global('redis-', resourceGroup().id)
  location: location
  sku: { name: sku }
  properties: {
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Disabled'
    highAvailability: standby ? 'Enabled' : 'Disabled'
  }

  resource store 'databases' = {
    name: 'default'
    properties: {
      port: 10000
      clientProtocol: 'Encrypted'
      clusteringPolicy: 'NoCluster'
      // Counters and marks that were evicted would be attempts forgotten: a full store refuses instead.
      evictionPolicy: 'NoEviction'
      accessKeysAuthentication: 'Enabled'
    }
  }
}

module endpoint 'endpoint.bicep' = {
  params: { name: 'redis', location: location, target: redis.id, group: 'redisEnterprise', subnet: subnet, zone: zone }
  dependsOn: [redis::store]
}

resource keyVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName(resourceGroup().id)

  resource connection 'secrets' = {
    name: 'redis-connection'
    properties: { value: '${redis.properties.hostName}:10000,password=${redis::store.listKeys().primaryKey},ssl=true' }
  }
}
