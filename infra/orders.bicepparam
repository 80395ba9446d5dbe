using 'orders.bicep'

param image = readEnvironmentVariable('SERVICE_ORDERS_IMAGE_NAME')
param domain = readEnvironmentVariable('AZURE_CONTAINER_APPS_DOMAIN')
param appsNetwork = readEnvironmentVariable('AZURE_APPS_NETWORK')
param postgresHost = readEnvironmentVariable('AZURE_POSTGRES_HOST')
param shopHost = readEnvironmentVariable('SHOP_HOST', '')
param identityHost = readEnvironmentVariable('IDENTITY_HOST', '')
param previousMasterKey = readEnvironmentVariable('PREVIOUS_MASTER_KEY', '')
