/// Asks an authority for its directory, which needs no account, and compares what it offers with what would be asked of it.
package struct AuthoritySurvey: Sendable {
    /// What was found, and the directory for further questions.
    package struct Report: Sendable {
        package var findings: [SurveyFinding]
        package var directory: Directory?
    }

    /// Answers take a moment, and clocks may differ by seconds.
    static let clockTolerance: Int64 = 5 * 60

    private let authority: AuthoritySettings
    private let transport: any AuthorityTransport
    private let clock: any KeeperClock

    package init(of authority: AuthoritySettings, transport: any AuthorityTransport, clock: any KeeperClock) {
        self.authority = authority
        self.transport = transport
        self.clock = clock
    }

    /// Looks at what matters to these certificates.
    package func run(for certificates: [[Identifier]], profile: ProfileRule) async -> Report {
        let answer: AuthorityResponse
        let directory: Directory
        do throws(AuthorityTransportError) {
            answer = try await transport.send(WireRequest(.get, authority.directory, followsRedirects: true))
        } catch {
            return Report(findings: [.failure("\(authority.name): \(error)")])
        }
        let now = clock.now()
        guard answer.status == 200 else {
            let problem = AuthorityProblem(answer).words
            return Report(findings: [
                .failure("\(authority.name): \(authority.directory) answers with status \(answer.status): \(problem)")
            ])
        }
        do throws(DocumentError) {
            directory = try Directory(answer.json("directory"))
        } catch {
            return Report(findings: [
                .failure("\(authority.name): \(authority.directory) is no directory of an ACME authority: \(error)")
            ])
        }
        var findings = [reached(directory)]
        findings += account(directory)
        findings += profiles(directory, certificates, profile)
        findings += clocks(answer, now)
        return Report(findings: findings, directory: directory)
    }

    private func reached(_ directory: Directory) -> SurveyFinding {
        let terms = directory.terms.map { "; ordering agrees to its terms, \($0)" } ?? ""
        let renewal = directory.renewalInfo == nil ? "; it does not say when to renew, so the lifetime decides" : ""
        return .ok("\(authority.name): \(authority.directory) answers and is trusted\(terms)\(renewal)")
    }

    private func account(_ directory: Directory) -> [SurveyFinding] {
        guard directory.needsExternalAccount, authority.externalAccount == nil else { return [] }
        return [
            .failure(
                "\(authority.name): registers nobody without an external account: get a key identifier and a key from it, and "
                    + "configure them as acme.externalAccount"
            )
        ]
    }

    private func profiles(
        _ directory: Directory,
        _ certificates: [[Identifier]],
        _ rule: ProfileRule
    ) -> [SurveyFinding] {
        var findings: [SurveyFinding] = []
        for identifiers in certificates {
            let names = identifiers.map(\.value).joined(separator: ", ")
            do throws(AttemptProblem) {
                if let profile = try directory.profile(for: identifiers, rule: rule) {
                    findings.append(.ok("\(names): \(authority.name) offers the profile '\(profile)'"))
                } else if identifiers.contains(where: \.isAddress), !directory.profiles.isEmpty {
                    let offered = directory.profiles.sorted().joined(separator: ", ").asLine
                    findings.append(
                        .warning(
                            "\(names): \(authority.name) has no profile 'shortlived', by which certificates for addresses are issued: "
                                + "set acme.profile to the one that is for addresses; it has \(offered)"
                        )
                    )
                }
            } catch {
                // The same for all of them.
                let finding = SurveyFinding.failure("\(authority.name): \(error.words)")
                if !findings.contains(finding) { findings.append(finding) }
            }
        }
        return findings
    }

    private func clocks(_ answer: AuthorityResponse, _ now: Int64) -> [SurveyFinding] {
        guard let date = answer.date, let theirs = InternetTime.seconds(http: date) else { return [] }
        let difference = now - theirs
        guard abs(difference) > Self.clockTolerance else { return [] }
        let minutes = abs(difference) / 60
        return [
            .warning(
                "the clock of this machine is \(minutes) minutes \(difference > 0 ? "ahead of" : "behind") that of \(authority.name), which "
                    + "says \(date.asLine): certificates seem not valid yet or expired; does time synchronization work?"
            )
        ]
    }
}
