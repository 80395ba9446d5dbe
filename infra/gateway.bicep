// The gateway, the only app with a public address, under two host names.
import { identityOrigin, inside, shopOrigin } from 'hosts.bicep'
import { local } from 'names.bicep'

param location string = resourceGroup().location
param image string
param domain string
param shopHost string
param identityHost string

@description('Where the certificates of own host names come from: free ones of the environment\'s, or two that were put into it under the names shop and identity. Empty for the first deployment with own names: Azure issues certificates only for names that are bound already.')
param certificates '' | 'managed' | 'uploaded'

@description('The revision that keeps the traffic while newer ones are deployed beside it; the newest where empty.')
param liveRevision string

// The label gives the revision a name of its own, `gateway---identity`: the second host name where there are no own ones.
var traffic = empty(liveRevision)
  ? [{ latestRevision: true, weight: 100, label: 'identity' }]
  : [
      { revisionName: liveRevision, weight: 100, label: 'identity' }
      { latestRevision: true, weight: 0, label: 'next' }
    ]
// Each admits its share of every limit while Redis is away.
var most = 4
var owned = filter(
  [{ certificate: 'shop', name: shopHost }, { certificate: 'identity', name: identityHost }],
  host => !empty(host.name)
)

resource environment 'Microsoft.App/managedEnvironments@2025-07-01' existing = {
  name: local.environment
}

@batchSize(1)
resource managed 'Microsoft.App/managedEnvironments/managedCertificates@2025-07-01' = [for host in owned: if (certificates == 'managed') {
  parent: environment
  name: host.certificate
  location: location
  properties: { subjectName: host.name, domainControlValidation: 'CNAME' }
}]

module app 'modules/app.bicep' = {
  params: {
    name: 'gateway'
    location: location
    image: image
    external: true
    cpu: '0.5'
    memory: '1Gi'
    replicas: { min: 1, max: most }
    healthPort: 8081
    traffic: traffic
    domains: map(owned, host => empty(certificates)
      ? { name: host.name, bindingType: 'Disabled' }
      : {
          name: host.name
          bindingType: 'SniEnabled'
          certificateId: resourceId('Microsoft.App/managedEnvironments/${certificates == 'managed' ? 'managedCertificates' : 'certificates'}', local.environment, host.certificate)
        })
    settings: {
      ASPNETCORE_URLS: 'http://+:8080;http://+:8081'
      Gateway__HealthPort: '8081'
      Identity__Issuer: identityOrigin(identityHost, domain)
      Shop__Origin: shopOrigin(shopHost, domain)
      Proxies__Networks: '100.64.0.0/10'
      Proxies__Hops: '1'
      OTEL_SERVICE_NAME: 'gateway'
      services__identity__https__0: inside('identity', domain)
      services__catalog__https__0: inside('catalog', domain)
      services__orders__https__0: inside('orders', domain)
      ServiceClient__Id: 'gateway'
      Limits__Replicas: string(most)
    }
    fromVault: {
      ConnectionStrings__redis: 'redis-connection'
      ServiceClient__Key: 'gateway-key'
    }
  }
  dependsOn: [managed]
}

output SHOP_ORIGIN string = shopOrigin(shopHost, domain)
output IDENTITY_ORIGIN string = identityOrigin(identityHost, domain)
