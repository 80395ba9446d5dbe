using 'main.bicep'

// An empty variable is one that was not set: a workflow hands on all of them.
var postgresSize = readEnvironmentVariable('POSTGRES_SKU', '')
var postgresTier = readEnvironmentVariable('POSTGRES_TIER', '')
var gigabytes = readEnvironmentVariable('POSTGRES_STORAGE_GB', '')
var redisSize = readEnvironmentVariable('REDIS_SKU', '')
var days = readEnvironmentVariable('LOG_DAYS', '')

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param postgresSku = {
  name: empty(postgresSize) ? 'Standard_B2s' : postgresSize
  tier: empty(postgresTier) ? 'Burstable' : postgresTier
}
param postgresStandby = readEnvironmentVariable('POSTGRES_STANDBY', '') == 'true'
param postgresStorageGb = int(empty(gigabytes) ? '32' : gigabytes)
param postgresServer = readEnvironmentVariable('POSTGRES_SERVER', '')
param redisSku = empty(redisSize) ? 'Balanced_B0' : redisSize
param redisStandby = readEnvironmentVariable('REDIS_STANDBY', '') == 'true'
param purgeProtection = readEnvironmentVariable('VAULT_PURGE_PROTECTION', '') == 'true'
param licensed = readEnvironmentVariable('IDENTITY_LICENSED', '') == 'true'
param logDays = int(empty(days) ? '30' : days)
