import QtQuick
import Cms.Components
import Cms.ViewModels

// A dialog of the wallet: it stays open with what went wrong, and closes when the thing is done.
CmsDialog {
    id: dialog

    required property WalletViewModel vm
    property string purpose

    keepOpen: true
    confirmEnabled: vm.busy === ""
    onClosed: vm.forget()

    Connections {
        target: dialog.vm
        enabled: dialog.visible
        function onDone(purpose) {
            if (purpose === dialog.purpose)
                dialog.close();
        }
    }
}
