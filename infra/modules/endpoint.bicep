// A store's private address in the network.

param name string
param location string
param target string
param group string
param subnet string
param zone string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: name
  location: location
  properties: {
    subnet: { id: subnet }
    privateLinkServiceConnections: [{ name: name, properties: { privateLinkServiceId: target, groupIds: [group] } }]
  }

  resource dns 'privateDnsZoneGroups' = {
    name: 'default'
    properties: { privateDnsZoneConfigs: [{ name: group, properties: { privateDnsZoneId: zone } }] }
  }
}
