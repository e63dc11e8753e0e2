package terminals

const (
	sysSetns     = 268
	sysSeccomp   = 277
	sysMemfd     = 279
	sysCapset    = 91
	sysKeyctl    = 219
	sysUnshare   = 97
	sysSetresuid = 147
	sysSetresgid = 149
)
