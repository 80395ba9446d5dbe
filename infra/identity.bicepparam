using 'identity.bicep'

// An empty variable is one that was not set: a workflow hands on all of them.
var port = readEnvironmentVariable('MAIL_PORT', '')
var security = readEnvironmentVariable('MAIL_SECURITY', '')

param image = readEnvironmentVariable('SERVICE_IDENTITY_IMAGE_NAME')
param domain = readEnvironmentVariable('AZURE_CONTAINER_APPS_DOMAIN')
param appsNetwork = readEnvironmentVariable('AZURE_APPS_NETWORK')
param postgresHost = readEnvironmentVariable('AZURE_POSTGRES_HOST')
param shopHost = readEnvironmentVariable('SHOP_HOST', '')
param identityHost = readEnvironmentVariable('IDENTITY_HOST', '')
param mailServer = readEnvironmentVariable('MAIL_SERVER')
param mailPort = empty(port) ? '587' : port
param mailSecurity = security == 'Tls' ? 'Tls' : 'StartTls'
param mailUser = readEnvironmentVariable('MAIL_USER')
param mailFrom = readEnvironmentVariable('MAIL_FROM')
param storefrontKey = readEnvironmentVariable('STOREFRONT_KEY', '')
param storefrontBackChannel = readEnvironmentVariable('STOREFRONT_BACK_CHANNEL', '')
param partnerKey = readEnvironmentVariable('PARTNER_KEY', '')
param partnerRedirect = readEnvironmentVariable('PARTNER_REDIRECT', '')
param previousKeyCertificate = readEnvironmentVariable('PREVIOUS_KEY_CERTIFICATE', '')
param previousMasterKey = readEnvironmentVariable('PREVIOUS_IDENTITY_MASTER_KEY', '')
param licensed = readEnvironmentVariable('IDENTITY_LICENSED', '') == 'true'
