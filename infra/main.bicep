// What an environment consists of before the first image is deployed: `azd provision`. The apps themselves are deployed one by
// one, by the templates beside this one that bear their names.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Name of the environment, as azd knows it.')
param environmentName string

@minLength(1)
@description('Region of everything.')
param location string

@description('Compute of the Postgres server. A burstable one suits a trial.')
param postgresSku { name: string, tier: 'Burstable' | 'GeneralPurpose' | 'MemoryOptimized' }

@description('A second Postgres server in another zone that takes over by itself (not with a burstable one).')
param postgresStandby bool

@description('Storage of the Postgres server in GB: 32, 64, 128 and so on. It can only grow.')
@minValue(32)
param postgresStorageGb int

@description('Another Postgres server than the environment\'s first, such as one that a backup was restored into.')
param postgresServer string

@description('Size of the Redis instance.')
param redisSku string

@description('Two Redis nodes instead of one.')
param redisStandby bool

@description('Keeps a deleted vault and its secrets from being purged. Cannot be taken back, and the same environment cannot be made anew before it has run out.')
param purgeProtection bool

@description('Keeps a place in the vault for a licence of the token engine.')
param licensed bool

@description('Days for which logs and traces are kept.')
@minValue(30)
@maxValue(730)
param logDays int

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: { 'azd-env-name': environmentName }
}

module platform 'modules/platform.bicep' = {
  scope: group
  params: {
    location: location
    postgresSku: postgresSku
    postgresStandby: postgresStandby
    postgresStorageGb: postgresStorageGb
    postgresServer: postgresServer
    redisSku: redisSku
    redisStandby: redisStandby
    purgeProtection: purgeProtection
    licensed: licensed
    logDays: logDays
  }
}

// azd keeps these as its environment's variables; the apps' parameter files and the hooks read them.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = platform.outputs.registry
output AZURE_CONTAINER_APPS_DOMAIN string = platform.outputs.domain
output AZURE_APPS_NETWORK string = platform.outputs.appsNetwork
output AZURE_POSTGRES_HOST string = platform.outputs.postgresHost
output AZURE_KEY_VAULT_NAME string = platform.outputs.vault
output AZURE_DATABASE_JOB_NAME string = 'database'
output AZURE_GATEWAY_APP_NAME string = 'gateway'
