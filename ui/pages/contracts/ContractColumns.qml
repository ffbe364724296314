import QtQuick
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Which columns the table shows, beside state and title.
IconButton {
    id: button

    required property ContractsViewModel vm
    readonly property var hidden: vm.views.hidden

    function entry(id, text) {
        return {
            "id": id,
            "text": text,
            "icon": hidden.includes(id) ? "square" : "check-square",
            "checked": !hidden.includes(id)
        };
    }

    objectName: "contractsColumns"
    icon: "sliders-horizontal"
    tip: qsTr("Columns")
    chosen: menu.visible
    onClicked: menu.open()

    CmsMenu {
        id: menu

        x: button.width - width
        y: button.height + Theme.space(0.5)
        entries: [button.entry("other", qsTr("Other party")), button.entry("ends", qsTr("Ends")), button.entry("proof", qsTr("Proof")), button.entry("changed", qsTr("Changed"))]
        onChosen: id => button.vm.views.toggle(id)
    }
}
