using 'gateway.bicep'

param image = readEnvironmentVariable('SERVICE_GATEWAY_IMAGE_NAME')
param domain = readEnvironmentVariable('AZURE_CONTAINER_APPS_DOMAIN')
param shopHost = readEnvironmentVariable('SHOP_HOST', '')
param identityHost = readEnvironmentVariable('IDENTITY_HOST', '')
param certificates = readEnvironmentVariable('CERTIFICATES', '')
param liveRevision = readEnvironmentVariable('LIVE_REVISION', '')
