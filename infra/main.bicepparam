using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param postgresSku = {
  name: readEnvironmentVariable('POSTGRES_SKU', 'Standard_B2s')
  tier: readEnvironmentVariable('POSTGRES_TIER', 'Burstable')
}
param postgresStandby = bool(readEnvironmentVariable('POSTGRES_STANDBY', 'false'))
param postgresServer = readEnvironmentVariable('POSTGRES_SERVER', '')
param redisSku = readEnvironmentVariable('REDIS_SKU', 'Balanced_B0')
param redisStandby = bool(readEnvironmentVariable('REDIS_STANDBY', 'false'))
param purgeProtection = bool(readEnvironmentVariable('VAULT_PURGE_PROTECTION', 'false'))
param licensed = bool(readEnvironmentVariable('IDENTITY_LICENSED', 'false'))
param logDays = int(readEnvironmentVariable('LOG_DAYS', '30'))
