// Products.
import { identityOrigin, inside, shopOrigin } from 'hosts.bicep'

param location string = resourceGroup().location
param image string
param domain string
param appsNetwork string
param postgresHost string
param shopHost string
param identityHost string

module app 'modules/app.bicep' = {
  params: {
    name: 'catalog'
    location: location
    image: image
    replicas: { min: 1, max: 8 }
    settings: {
      ASPNETCORE_URLS: 'http://+:8080'
      Identity__Issuer: identityOrigin(identityHost, domain)
      Shop__Origin: shopOrigin(shopHost, domain)
      Proxies__Networks: '100.64.0.0/10,${appsNetwork}'
      Proxies__Hops: '2'
      OTEL_SERVICE_NAME: 'catalog'
      services__identity__https__0: inside('identity', domain)
      ServiceClient__Id: 'catalog-service'
      ConnectionStrings__catalogdb: 'Host=${postgresHost};Port=5432;Database=shop;Username=catalog_app;SSL Mode=VerifyFull;Channel Binding=Require;Maximum Pool Size=3'
    }
    fromVault: {
      PGPASSWORD: 'catalog-app-password'
      Audit__Key: 'catalog-audit-key'
      ServiceClient__Key: 'catalog-service-key'
      ConnectionStrings__redis: 'redis-connection'
    }
  }
}
