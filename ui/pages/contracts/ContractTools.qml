pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// What is searched for at the left; the view in use and the columns at the right.
Item {
    id: tools

    required property ContractsViewModel vm
    readonly property bool searching: field.activeFocus

    signal done

    function search() {
        field.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    implicitHeight: field.height
    Component.onCompleted: field.text = vm.text

    Connections {
        target: tools.vm

        function onQueryChanged() {
            if (field.text !== tools.vm.text)
                field.text = tools.vm.text;
        }
    }
    SearchField {
        id: field

        objectName: "contractsSearch"
        width: Theme.sizeSearch
        placeholder: qsTr("Search titles, parties, text")
        onTextChanged: tools.vm.search(text)
        Keys.onDownPressed: tools.done()
        Keys.onEscapePressed: {
            text = "";
            tools.done();
        }
    }
    ContractViewsMenu {
        anchors.right: columns.left
        anchors.rightMargin: Theme.space(1)
        anchors.verticalCenter: field.verticalCenter
        width: Math.min(implicitWidth, columns.x - field.width - Theme.space(2))
        vm: tools.vm
    }
    ContractColumns {
        id: columns

        anchors.right: parent.right
        anchors.rightMargin: -Theme.space(1)
        anchors.verticalCenter: field.verticalCenter
        vm: tools.vm
    }
}
