using 'database.bicep'

param image = readEnvironmentVariable('SERVICE_DATABASE_IMAGE_NAME')
param postgresHost = readEnvironmentVariable('AZURE_POSTGRES_HOST')
