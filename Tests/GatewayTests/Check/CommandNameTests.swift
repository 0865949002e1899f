import Testing

@testable import Gateway

@Suite("The name of a command is told whole")
struct CommandNameTests {
    @Test("where the kernel has cut it, by the program or by the script that it runs")
    func cut() {
        let name = "hysteria-gatewa"
        let gateway = "/usr/bin/hysteria-gateway"
        #expect(CommandName.whole(name, executable: gateway, arguments: []) == "hysteria-gateway")
        #expect(CommandName.whole(name, executable: gateway + " (deleted)", arguments: []) == "hysteria-gateway")
        #expect(CommandName.whole(name, executable: nil, arguments: [gateway, "serve"]) == "hysteria-gateway")
        #expect(
            CommandName.whole(name, executable: "/opt/hysteria-gateway-exporter", arguments: [gateway])
                == "hysteria-gateway-exporter"
        )
        #expect(
            CommandName.whole(
                "check-all-the-t",
                executable: "/usr/bin/bash",
                arguments: ["bash", "./check-all-the-things"]
            )
                == "check-all-the-things"
        )
    }

    @Test("and left as it is where it is not cut, or nothing tells the rest")
    func kept() {
        #expect(CommandName.whole("nginx", executable: "/usr/sbin/nginx-debug", arguments: ["nginx-debug"]) == "nginx")
        #expect(CommandName.whole("hysteria-gatewa", executable: nil, arguments: []) == "hysteria-gatewa")
        #expect(
            CommandName.whole("renamed-by-itse", executable: "/usr/bin/other", arguments: ["other"])
                == "renamed-by-itse"
        )
    }
}
