// Postgres, with a private address alone. Roles and schemas come from the Database job.
import { global, local } from '../names.bicep'

param location string
param sku { name: string, tier: string }
param standby bool
param storageGb int

@description('Name of the server; the environment\'s own where empty.')
param name string

@secure()
param administratorPassword string

param subnet string
param zone string
param workspace string

var settings = [
  { name: 'require_secure_transport', value: 'on' }
  { name: 'ssl_min_protocol_version', value: 'TLSv1.3' }
  { name: 'password_encryption', value: 'scram-sha-256' }
  { name: 'log_connections', value: 'on' }
  // Rows and statements hold personal values: neither belongs into a log.
  { name: 'log_error_verbosity', value: 'terse' }
  { name: 'log_min_error_statement', value: 'panic' }
]

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: empty(name) ? global('postgres-', resourceGroup().id) : name
  location: location
  sku: { name: sku.name, tier: any(sku.tier) }
  properties: {
    version: '17'
    administratorLogin: local.administrator
    administratorLoginPassword: administratorPassword
    authConfig: { passwordAuth: 'Enabled', activeDirectoryAuth: 'Disabled' }
    network: { publicNetworkAccess: 'Disabled' }
    // Grown by itself, it would be larger than the template says, and the next deployment would be refused: storage cannot shrink.
    storage: { storageSizeGB: storageGb, autoGrow: 'Disabled' }
    backup: { backupRetentionDays: 14, geoRedundantBackup: 'Disabled' }
    highAvailability: { mode: standby ? 'ZoneRedundant' : 'Disabled' }
  }
}

resource shop 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  parent: server
  name: 'shop'
  properties: { charset: 'UTF8', collation: 'en_US.utf8' }
}

// The server takes one change at a time.
@batchSize(1)
resource configuration 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = [for setting in settings: {
  parent: server
  name: setting.name
  properties: { value: setting.value, source: 'user-override' }
  dependsOn: [shop]
}]

module endpoint 'endpoint.bicep' = {
  params: { name: server.name, location: location, target: server.id, group: 'postgresqlServer', subnet: subnet, zone: zone }
  dependsOn: [configuration]
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: server
  properties: {
    workspaceId: workspace
    logs: [{ category: 'PostgreSQLLogs', enabled: true }]
  }
}

output host string = server.properties.fullyQualifiedDomainName
