// What the resources of one environment are called. A template finds what another made by these names alone.

@export()
@description('Names that are unique where they are used.')
var local = {
  network: 'network'
  environment: 'apps'
  administrator: 'shopadmin'
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

@description('Where a secret of the vault is read.')
func secretUrl(secret string, resourceGroupId string) string => 'https://${vaultName(resourceGroupId)}${az.environment().suffixes.keyvaultDns}/secrets/${secret}'

@description('What a secret is called within an app or a job: as the setting that it fills, in the letters that are allowed.')
func secretNameOf(setting string) string => toLower(replace(setting, '__', '-'))

@export()
@description('Environment variables: settings with their values, and those that the vault fills.')
func variables(settings { *: string }, fromVault { *: string }) { name: string, value: string?, secretRef: string? }[] => concat(
  map(items(settings), setting => { name: setting.key, value: setting.value }),
  map(items(fromVault), setting => { name: setting.key, secretRef: secretNameOf(setting.key) })
)

@export()
@description('The secrets that these variables refer to, each read from the vault by an identity.')
func secretReferences(fromVault { *: string }, identity string, resourceGroupId string) { name: string, keyVaultUrl: string, identity: string }[] => map(items(fromVault), setting => {
  name: secretNameOf(setting.key)
  keyVaultUrl: secretUrl(setting.value, resourceGroupId)
  identity: identity
})

@export()
@description('The managed identity of an app or a job: each has its own, so that each may read its own secrets only.')
func identityOf(app string) string => 'id-${app}'
