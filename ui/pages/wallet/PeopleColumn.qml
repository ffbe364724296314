import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.ViewModels

// Whom this wallet signs as, and whom its owner knows.
ColumnLayout {
    id: part

    required property WalletViewModel vm
    required property WalletDialogs dialogs

    spacing: Theme.space(4)

    IdentitiesPart {
        Layout.fillWidth: true
        identities: part.vm.identities
        watched: part.vm.watched
        onAddWanted: part.dialogs.add.ask()
        onImportWanted: part.dialogs.importKey.ask()
        onUsed: key => part.vm.use(key)
        onShared: key => part.vm.share(key)
        onRotateWanted: (key, name) => part.dialogs.rotate.ask(key, name)
        onRenameWanted: (key, name, organisation) => part.dialogs.rename.ask(key, name, organisation)
        onExportWanted: (key, name, ethereum) => part.dialogs.exportKey.ask(key, name, ethereum)
    }
    ContactsPart {
        Layout.fillWidth: true
        contacts: part.vm.contacts
        onAddWanted: part.dialogs.contact.ask()
        onImportWanted: part.dialogs.files.choose("card", qsTr("Choose a contact card or vCard"))
        onCompareWanted: (did, name) => part.dialogs.compare.ask(did, name)
        onRemoved: did => part.vm.remove_contact(did)
    }
}
