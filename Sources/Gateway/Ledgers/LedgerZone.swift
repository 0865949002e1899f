import GatewayConfiguration
import Ledger

/// By which zone the ledger's days begin.
package enum LedgerZone {
    /// Gives the process the zone that the configuration names, or the one that the file was kept in, or the machine's.
    ///
    /// To be called once, before there are threads.
    package static func adopt(for ledger: LedgerConfiguration) throws(CivilZoneError) -> CivilZone {
        let kept = LedgerFile.zoneName(ledger.file)
        return try CivilZone.adopt(ledger.timeZone ?? kept ?? CivilZone.machineName)
    }
}
