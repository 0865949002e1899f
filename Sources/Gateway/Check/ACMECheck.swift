import ACME
import GatewayConfiguration
import Glibc
import NIOPosix

/// Says what an authority will find that is asked for a certificate. Advice alone: nothing is kept from being ordered by it.
struct ACMECheck {
    private let settings: ACMESettings
    private let listen: [ListenAddress]
    private let redirect: ListenAddress?
    private let environment: CheckEnvironment

    init(_ settings: ACMESettings, listen: [ListenAddress], redirect: ListenAddress?, environment: CheckEnvironment) {
        self.settings = settings
        self.listen = listen
        self.redirect = redirect
        self.environment = environment
    }

    func results() async -> [CheckResult] {
        let reach = ProofReach(tlsPorts: Set(listen.map(\.port)), redirectPorts: Set(redirect.map { [$0.port] } ?? []))
        let isServing = listen.contains { environment.bind($0) == EADDRINUSE }
        return await environment.survey(settings, reach, isServing).map { finding in
            switch finding.verdict {
            case .ok: .ok("acme: \(finding.words)")
            case .warning: .warning("acme: \(finding.words)")
            case .failure: .failure("acme: \(finding.words)")
            }
        }
    }
}

/// All that can be found out before anything is ordered: folder, authorities, DNS, and the way that a proof takes.
struct CertificateSurvey {
    let settings: ACMESettings
    let reach: ProofReach
    /// Whether a gateway runs that shows what lies in the folder of proofs.
    let isServing: Bool

    private var kinds: [ProofKind] {
        let kinds = reach.kinds(of: settings)
        // A port may be forwarded.
        return kinds.isEmpty ? settings.proofKinds : kinds
    }

    private var identifiers: [Identifier] { settings.certificates.flatMap { $0 } }

    func run() async -> [SurveyFinding] {
        var findings = reach.findings(for: settings) + StoreSurvey().findings(for: settings)
        let names = NameSurvey(lookup: .system(), machine: MachineAddresses.all(), kinds: kinds)
        for identifier in identifiers {
            let report = await names.run(for: identifier)
            findings += report.findings
            if isServing { findings += await tryProofs(of: identifier, report) }
        }
        if !isServing {
            findings.append(SurveyFinding(.warning, "no gateway runs: check again while it does, to have proofs tried"))
        }
        for authority in settings.authorities { findings += await ask(authority) }
        return findings
    }

    private func ask(_ authority: AuthoritySettings) async -> [SurveyFinding] {
        let report = await AuthoritySurvey(
            of: authority,
            transport: AuthorityClient.of(authority),
            clock: SystemKeeperClock()
        ).run(for: settings.certificates, profile: settings.profile)
        guard let directory = report.directory else { return report.findings }
        let account = try? await CertificateStore(folder: settings.folder).account(of: authority)
        let records = CAASurvey(
            CAAQuery(.system()),
            authority: authority,
            directory: directory,
            kinds: kinds,
            account: account?.record?.url
        )
        var findings = report.findings
        for identifier in identifiers { findings += await records.run(for: identifier) }
        return findings
    }

    /// Asks for a proof that was made up, as an authority will for a real one.
    private func tryProofs(of identifier: Identifier, _ report: NameSurvey.Report) async -> [SurveyFinding] {
        let folder = ProofFolder(settings)
        let probe = ProofProbe(eventLoop: MultiThreadedEventLoopGroup.singleton.any(), clock: SystemKeeperClock())
        var findings: [SurveyFinding] = []
        for kind in kinds where kind != .dns && kind.canProve(identifier) {
            let proof = Proof.madeUp(for: identifier, kind)
            do throws(ProofError) {
                try folder.write(trial: proof)
            } catch {
                return [SurveyFinding(.warning, "no proof can be tried: \(error)")]
            }
            findings += await probe.run(for: proof, at: report.addresses(for: kind))
            folder.remove(proof)
        }
        return findings
    }
}
