"""Home visits (上门服务): an agent goes to those who cannot come."""
