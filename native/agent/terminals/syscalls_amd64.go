package terminals

const (
	sysSetns     = 308
	sysSeccomp   = 317
	sysMemfd     = 319
	sysCapset    = 126
	sysKeyctl    = 250
	sysUnshare   = 272
	sysSetresuid = 117
	sysSetresgid = 119
)
