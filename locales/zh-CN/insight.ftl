# 查看：指标与查找。

insight-menu = 指标
permission-group-insight = 经营
permission-insight-view = 查看指标
