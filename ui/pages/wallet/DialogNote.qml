import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// What runs, or what went wrong.
T {
    required property WalletViewModel vm

    Layout.fillWidth: true
    visible: text !== ""
    text: vm.error !== "" ? vm.error : vm.busy
    color: vm.error !== "" ? Theme.failed : Theme.inkSecondary
    wrapMode: Text.Wrap
    Accessible.role: Accessible.AlertMessage
}
