// The form that all four apps have: one container behind the ingress, secrets by reference, probes, scale.
import { identityOf, local, secretReferences, variables } from '../names.bicep'

param name string
param location string

@description('The image with its tag or digest, in our registry.')
param image string

@description('Open to the world. One app is.')
param external bool = false

@description('Settings by their names.')
param settings { *: string }

@description('Settings that the vault fills: the names there, with a version behind a slash where it must not be the newest.')
param fromVault { *: string } = {}

@description('Replicas at rest, and at most.')
param replicas { min: int, max: int }

param cpu string = '0.25'
param memory string = '0.5Gi'

@description('Port of the listener that answers probes.')
param healthPort int = 8080

@description('How the traffic is split over revisions; all of it to the newest where empty, and the revision before ends.')
param traffic { revisionName: string?, latestRevision: bool?, weight: int, label: string? }[] = []

@description('Own host names.')
param domains { name: string, bindingType: 'Disabled' | 'SniEnabled', certificateId: string? }[] = []

var registry = first(split(image, '/'))

// A hundred seconds to start, half a minute to be dead, a quarter to be out of the traffic. More than ten failures are not to be had.
var probes = [
  { type: 'Startup', path: '/health/live', seconds: 10, failures: 10 }
  { type: 'Liveness', path: '/health/live', seconds: 10, failures: 3 }
  { type: 'Readiness', path: '/health/ready', seconds: 5, failures: 3 }
]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityOf(name)
}

resource environment 'Microsoft.App/managedEnvironments@2025-07-01' existing = {
  name: local.environment
}

resource app 'Microsoft.App/containerApps@2025-07-01' = {
  name: name
  location: location
  tags: { 'azd-service-name': name }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: empty(traffic) ? 'Single' : 'Multiple'
      maxInactiveRevisions: 10
      // The identity is there for pulling and for secrets. The code in the container cannot get a token for it.
      identitySettings: [{ identity: identity.id, lifecycle: 'None' }]
      registries: [{ server: registry, identity: identity.id }]
      secrets: secretReferences(fromVault, identity.id, resourceGroup().id)
      ingress: {
        external: external
        targetPort: 8080
        transport: 'http'
        // The gateway itself answers plain http: it redirects pages and refuses API calls (P20). The ingress would redirect both,
        // and a caller of the API would go on sending tokens in the clear.
        allowInsecure: external
        traffic: empty(traffic) ? [{ latestRevision: true, weight: 100 }] : traffic
        customDomains: domains
      }
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: name
          image: image
          resources: { cpu: json(cpu), memory: memory }
          env: variables(settings, fromVault)
          probes: map(probes, probe => {
            type: any(probe.type)
            httpGet: { path: probe.path, port: healthPort }
            periodSeconds: probe.seconds
            timeoutSeconds: 3
            failureThreshold: probe.failures
          })
        }
      ]
      scale: {
        minReplicas: replicas.min
        maxReplicas: replicas.max
        rules: [{ name: 'requests', http: { metadata: { concurrentRequests: '50' } } }]
      }
    }
  }
}
