print("hysteria-gateway")
