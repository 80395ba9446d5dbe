// Where logs and traces are kept.
import { local } from '../names.bicep'

param location string
param days int

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: local.workspace
  location: location
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: days
    // A flood of requests writes logs: it must not write bills.
    workspaceCapping: { dailyQuotaGb: 5 }
    features: { enableLogAccessUsingOnlyResourcePermissions: true, disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: local.insights
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableIpMasking: false
  }
}

output workspace string = workspace.id
