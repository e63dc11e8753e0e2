module slipway.invalid/bench/probe

go 1.19
