# Reading: metrics and finding records.

insight-menu = Metrics
permission-group-insight = Management
permission-insight-view = See metrics
