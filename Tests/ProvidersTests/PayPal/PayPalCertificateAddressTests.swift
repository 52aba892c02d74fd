import TestSupport
import Testing

@testable import Providers

@Suite("Addresses of PayPal's certificates")
struct PayPalCertificateAddressTests {
    private let live = PayPalCertificateAddress(isSandbox: false, configuredHosts: [])
    private let sandbox = PayPalCertificateAddress(isSandbox: true, configuredHosts: ["localhost:8443", "Certs.example", "[::1]:9443"])

    @Test("PayPal's own hosts, each in its own world")
    func own() {
        for host in ["api", "api-m"] {
            #expect(live.allows("https://\(host).paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77"))
            #expect(!live.allows("https://\(host).sandbox.paypal.com/v1/notifications/certs/CERT-1"))
            #expect(sandbox.allows("https://\(host).sandbox.paypal.com/v1/notifications/certs/CERT-1"))
            #expect(!sandbox.allows("https://\(host).paypal.com/v1/notifications/certs/CERT-1"))
        }
    }

    @Test(
        "everything that is not exactly that is refused",
        arguments: [
            "", "https://", "https:///v1/notifications/certs/CERT-1", "http://api.paypal.com/v1/notifications/certs/CERT-1",
            "HTTPS://api.paypal.com/v1/notifications/certs/CERT-1", "https://api.paypal.com", "https://api.paypal.com/",
            "https://api.paypal.com/v1/notifications/certs/", "https://api.paypal.com/v1/notifications/certs/CERT-",
            "https://api.paypal.com/other/CERT-1", "https://api.paypal.com:443/v1/notifications/certs/CERT-1",
            "https://api.paypal.com./v1/notifications/certs/CERT-1", "https://api.paypal.com/v1/notifications/certs/CERT-1?x=1",
            "https://api.paypal.com/v1/notifications/certs/CERT-1#x", "https://api.paypal.com/v1/notifications/certs/CERT-../../x",
            "https://api.paypal.com/v1/notifications/certs/../certs/CERT-1", "https://api.paypal.com//v1/notifications/certs/CERT-1",
            "https://api.paypal.com/v1/notifications/certs/CERT-%2e%2e/x", "https://user@api.paypal.com/v1/notifications/certs/CERT-1",
            "https://api.paypal.com\\.evil.example/v1/notifications/certs/CERT-1", "https://api.paypal.com@evil.example/CERT-1",
            "https://evil.example/v1/notifications/certs/CERT-1", "https://xapi.paypal.com/v1/notifications/certs/CERT-1",
            "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1", "https://127.0.0.1/v1/notifications/certs/CERT-1",
            "https://[::1]/v1/notifications/certs/CERT-1", "https://api.paypal.com /v1/notifications/certs/CERT-1",
            "https://api.paypal.com/v1/notifications/certs/CERT-1\n", "https://api.paypal.com/v1/notifications/certs/CERT-é",
            "https://api.paypal.com\t/v1/notifications/certs/CERT-1", "ftp://api.paypal.com/v1/notifications/certs/CERT-1",
        ]
    )
    func refused(address: String) {
        #expect(!live.allows(address))
    }

    @Test("configured hosts may have any port and path, or the port that they name")
    func configured() {
        #expect(sandbox.allows("https://localhost:8443/any/path.pem"))
        #expect(!sandbox.allows("https://localhost:8444/any/path.pem"))
        #expect(!sandbox.allows("https://localhost/any"))
        #expect(sandbox.allows("https://certs.example/x") && sandbox.allows("https://CERTS.example:4443/x"))
        #expect(sandbox.allows("https://[::1]:9443/x") && !sandbox.allows("https://[::1]:9444/x"))
        for address in [
            "http://certs.example/x", "https://certs.example./x", "https://a@certs.example/x", "https://certs.example:0/x",
            "https://certs.example:99999/x", "https://certs.example:+1/x", "https://certs.example:/x", "https://certs.example/a/../b",
            "https://certs.example", "https://certs.example/", "https://sub.certs.example/x",
        ] { #expect(!sandbox.allows(address), "\(address)") }
    }

    @Test("no changed byte of a good address leads to another host")
    func changed() {
        let good = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42"
        let end = "https://api.paypal.com/v1/notifications/certs/CERT-".utf8.count
        for place in 0..<end {
            for byte in UInt8.min...UInt8.max where byte != Array(good.utf8)[place] {
                var bytes = Array(good.utf8)
                bytes[place] = byte
                let changed = String(decoding: bytes, as: UTF8.self)
                #expect(!live.allows(changed) || changed.lowercased() == good.lowercased(), "\(changed)")
            }
        }
        #expect(!live.allows(good + String(repeating: "a", count: 600)))
    }
}
