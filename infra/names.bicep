// What the resources of one environment are called. A template finds what another made by these names alone.

@export()
@description('Names that are unique in their resource group.')
var local = {
  network: 'network'
  environment: 'apps'
  workspace: 'logs'
  insights: 'traces'
}

@export()
@description('Names that are unique in the world.')
func global(kind string, resourceGroupId string) string => '${kind}${uniqueString(resourceGroupId)}'

@export()
@description('What is deployed: a job and four apps.')
var apps = ['database', 'identity', 'catalog', 'orders', 'gateway']

@export()
@description('The vault of all secrets.')
func vaultName(resourceGroupId string) string => global('kv-', resourceGroupId)

@export()
@description('Where a secret of the vault is read.')
func vaulted(secret string, resourceGroupId string) string => 'https://${vaultName(resourceGroupId)}${az.environment().suffixes.keyvaultDns}/secrets/${secret}'

@export()
@description('What a secret is called within an app or a job: as the setting that it fills, in the letters that are allowed.')
func referenceOf(setting string) string => toLower(replace(setting, '__', '-'))

@export()
@description('The managed identity of an app or a job: each has its own, so that each may read its own secrets only.')
func identityOf(app string) string => 'id-${app}'
