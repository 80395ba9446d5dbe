// One network with two subnets: the apps in one, the stores' private endpoints in the other.
import { local } from '../names.bicep'

param location string

var appsNetwork = '10.40.0.0/23'
var endpointsNetwork = '10.40.2.0/26'

// The stores' ports are open to the apps and to nobody else in the network.
resource endpointRules 'Microsoft.Network/networkSecurityGroups@2025-01-01' = {
  name: 'endpoints'
  location: location
  properties: {
    securityRules: [
      {
        name: 'apps'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: appsNetwork
          sourcePortRange: '*'
          destinationAddressPrefix: endpointsNetwork
          destinationPortRanges: ['443', '5432', '10000']
        }
      }
      {
        name: 'nobody-else'
        properties: {
          priority: 200
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: local.network
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.40.0.0/16'] }
  }

  resource apps 'subnets' = {
    name: 'apps'
    properties: {
      addressPrefix: appsNetwork
      delegations: [{ name: 'apps', properties: { serviceName: 'Microsoft.App/environments' } }]
    }
  }

  resource endpoints 'subnets' = {
    name: 'endpoints'
    properties: {
      addressPrefix: endpointsNetwork
      defaultOutboundAccess: false
      networkSecurityGroup: { id: endpointRules.id }
      // Without this the rules above would not apply to private endpoints.
      privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
    }
    dependsOn: [apps]
  }
}

// The stores' own names lead to their private addresses, for whoever asks from this network.
var zoneNames = [
  replace('privatelink${az.environment().suffixes.keyvaultDns}', '.vault.', '.vaultcore.')
  'privatelink.postgres.database.azure.com'
  'privatelink.redis.azure.net'
]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for zone in zoneNames: {
  name: zone
  location: 'global'
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (zone, i) in zoneNames: {
  parent: zones[i]
  name: 'network'
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: network.id }
  }
}]

output apps string = network::apps.id
output endpoints string = network::endpoints.id
output appsNetwork string = appsNetwork
output vaultZone string = zones[0].id
output postgresZone string = zones[1].id
output redisZone string = zones[2].id
