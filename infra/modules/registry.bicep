// The images. The apps pull by their identities; there is no admin user, and nobody pulls without a login. Its address is public, because
// images are pushed to it from a developer's machine or a workflow: a private one costs the Premium tier and a runner in the network.
import { apps, global, identityOf } from '../names.bicep'

param location string

var acrPull = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: global('images', resourceGroup().id)
  location: location
  sku: { name: 'Basic' }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [for app in apps: {
  name: identityOf(app)
}]

resource imagePulls 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (app, i) in apps: {
  name: guid(registry.id, app, acrPull)
  scope: registry
  properties: {
    principalId: identities[i].properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: acrPull
  }
}]

output server string = registry.properties.loginServer
