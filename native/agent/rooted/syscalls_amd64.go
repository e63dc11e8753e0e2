package rooted

const (
	sysNewfstatat = 262
	sysReadlinkat = 267
	sysUnlinkat   = 263
	sysRenameat2  = 316
	sysStatx      = 332
)
