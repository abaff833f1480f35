"""The programs that come with weibao, a folder each; none knows another, and core starts without any."""
