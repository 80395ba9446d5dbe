// Orders.
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
    name: 'orders'
    location: location
    image: image
    replicas: { min: 1, max: 4 }
    settings: {
      ASPNETCORE_URLS: 'http://+:8080'
      Identity__Issuer: identityOrigin(identityHost, domain)
      Shop__Origin: shopOrigin(shopHost, domain)
      Proxies__Networks: '100.64.0.0/10,${appsNetwork}'
      Proxies__Hops: '2'
      OTEL_SERVICE_NAME: 'orders'
      services__identity__https__0: inside('identity', domain)
      services__catalog__https__0: inside('catalog', domain)
      ServiceClient__Id: 'orders-service'

      // Takes no money: this shop's goods are invented. Where they are not, its provider's name stands here.
      Payments__Provider: 'development'
      ConnectionStrings__ordersdb: 'Host=${postgresHost};Port=5432;Database=shop;Username=orders_app;SSL Mode=VerifyFull;Channel Binding=Require;Maximum Pool Size=8'
    }
    fromVault: {
      PGPASSWORD: 'orders-app-password'
      ServiceClient__Key: 'orders-service-key'
    }
  }
}
