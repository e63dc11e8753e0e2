module slipway/agent

go 1.19
