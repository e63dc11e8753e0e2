package rooted

const (
	sysNewfstatat = 79
	sysReadlinkat = 78
	sysUnlinkat   = 35
	sysRenameat2  = 276
	sysStatx      = 291
)
