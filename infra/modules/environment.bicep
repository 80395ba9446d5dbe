// The Container Apps environment: the network that the apps live in, TLS between them, their logs and traces.
import { local } from '../names.bicep'

param location string
param subnet string
param workspace string

resource traces 'Microsoft.Insights/components@2020-02-02' existing = {
  name: local.insights
}

// A preview of the API, because the OpenTelemetry agent is in no other.
resource environment 'Microsoft.App/managedEnvironments@2025-02-02-preview' = {
  name: local.environment
  location: location
  properties: {
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
    vnetConfiguration: { infrastructureSubnetId: subnet, internal: false }
    publicNetworkAccess: 'Enabled'
    // Nothing between two apps, and nothing between the ingress and an app, is in the clear or from a stranger.
    peerAuthentication: { mtls: { enabled: true } }
    peerTrafficConfiguration: { encryption: { enabled: true } }
    // By the diagnostic setting below, without a key of the workspace.
    appLogsConfiguration: { destination: 'azure-monitor' }
    appInsightsConfiguration: { connectionString: traces.properties.ConnectionString }
    openTelemetryConfiguration: {
      tracesConfiguration: { destinations: ['appInsights'] }
      logsConfiguration: { destinations: ['appInsights'] }
    }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: environment
  properties: {
    workspaceId: workspace
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

output domain string = environment.properties.defaultDomain
