// The two host names that the world sees: own ones, or what the environment gives. There the second is the name of a label of the gateway's
// revision, because an app has one name of its own.

@export()
@description('The shop\'s origin.')
func shopOrigin(own string, domain string) string => 'https://${empty(own) ? 'gateway.${domain}' : own}'

@export()
@description('The identity server\'s origin, which is the issuer of tokens.')
func identityOrigin(own string, domain string) string => 'https://${empty(own) ? 'gateway---identity.${domain}' : own}'

@export()
@description('Where apps reach each other.')
func inside(app string, domain string) string => 'https://${app}.internal.${domain}'
