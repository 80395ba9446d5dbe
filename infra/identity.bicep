// The identity server.
import { identityOrigin, shopOrigin } from 'hosts.bicep'

param location string = resourceGroup().location
param image string
param domain string
param appsNetwork string
param postgresHost string
param shopHost string
param identityHost string

@description('The mail server that takes the letters, by TLS and with the password mail-password of the vault.')
param mailServer string
param mailPort string
param mailSecurity 'StartTls' | 'Tls'
param mailUser string

@description('Whom letters come from, as in: SecureShop <accounts@shop.example>')
param mailFrom string

@description('Public keys of clients that others run, base64 of SubjectPublicKeyInfo (P-256). Without one there is no such client.')
param storefrontKey string
param partnerKey string

@description('Where the web shop is told that a session has ended, and where the partner gets its answers; https.')
param storefrontBackChannel string
param partnerRedirect string

@description('Version of the key certificate before the present one, while something that it sealed may be in use.')
param previousKeyCertificate string

@description('Version of the master key before the present one, while it wraps peoples keys (docs/keys.md).')
param previousMasterKey string

@description('Whether the vault holds a licence of the token engine, as the secret identity-licence.')
param licensed bool

var clients = union(
  empty(storefrontKey) ? {} : { Clients__StorefrontKey: storefrontKey },
  empty(storefrontBackChannel) ? {} : { Clients__StorefrontBackChannel: storefrontBackChannel },
  empty(partnerKey) ? {} : { Clients__PartnerKey: partnerKey },
  empty(partnerRedirect) ? {} : { Clients__PartnerRedirect: partnerRedirect }
)

module app 'modules/app.bicep' = {
  params: {
    name: 'identity'
    location: location
    image: image
    cpu: '0.5'
    memory: '1Gi'
    replicas: { min: 1, max: 4 }
    settings: union({
      ASPNETCORE_URLS: 'http://+:8080'
      Identity__Issuer: identityOrigin(identityHost, domain)
      Shop__Origin: shopOrigin(shopHost, domain)
      Proxies__Networks: '100.64.0.0/10,${appsNetwork}'
      Proxies__Hops: '2'
      OTEL_SERVICE_NAME: 'identity'
      Mail__Server: mailServer
      Mail__Port: mailPort
      Mail__Security: mailSecurity
      Mail__From: mailFrom
      Mail__User: mailUser
      ConnectionStrings__identitydb: 'Host=${postgresHost};Port=5432;Database=shop;Username=identity_app;SSL Mode=VerifyFull;Channel Binding=Require;Maximum Pool Size=8'
    }, clients)
    fromVault: union(
      {
        PGPASSWORD: 'identity-app-password'
        Audit__Key: 'identity-audit-key'
        ConnectionStrings__redis: 'redis-connection'
        Identity__KeyCertificates__0: 'identity-key-certificate'
        Sealing__MasterKeys__0: 'identity-master-key'
        Sealing__LookupKey: 'identity-lookup-key'
        Clients__OrdersServiceKey: 'orders-service-public-key'
        Clients__CatalogServiceKey: 'catalog-service-public-key'
        Clients__DemoSecret: 'demo-client-secret'
        Clients__GatewayKey: 'gateway-public-key'
        Mail__Password: 'mail-password'
      },
      empty(previousKeyCertificate) ? {} : { Identity__KeyCertificates__1: 'identity-key-certificate/${previousKeyCertificate}' },
      empty(previousMasterKey) ? {} : { Sealing__MasterKeys__1: 'identity-master-key/${previousMasterKey}' },
      licensed ? { Identity__LicenseKey: 'identity-licence' } : {}
    )
  }
}
