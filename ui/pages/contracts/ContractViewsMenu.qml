pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// The view in use; its menu changes it, saves what is shown as another one, and removes one.
CmsButton {
    id: button

    required property ContractsViewModel vm
    readonly property var views: vm.views
    readonly property var entries: {
        const saved = views.names.map((name, place) => ({
                    "id": String(place),
                    "text": name,
                    "icon": "bookmark-simple"
                }));
        const all = {
            "id": "-1",
            "text": qsTr("All contracts"),
            "icon": "files"
        };
        const save = {
            "id": "save",
            "text": qsTr("Save this view…"),
            "icon": "plus"
        };
        const remove = {
            "id": "remove",
            "text": qsTr("Remove this view"),
            "icon": "trash"
        };
        return views.place < 0 ? [all, ...saved, save] : [all, ...saved, save, remove];
    }

    function take(id) {
        if (id === "save")
            dialog.ask();
        else if (id === "remove")
            views.remove();
        else
            views.use(Number(id));
    }

    objectName: "contractsViews"
    kind: "quiet"
    icon: "bookmark-simple"
    text: views.title
    hint: views.differs ? qsTr("changed") : ""
    Accessible.name: [qsTr("View: %1").arg(text), hint].filter(part => part !== "").join(", ")
    rightPadding: leftPadding + caret.width + Theme.space(1)
    onClicked: menu.open()

    Icon {
        id: caret

        anchors.right: parent.right
        anchors.rightMargin: button.leftPadding
        anchors.verticalCenter: parent.verticalCenter
        name: "caret-down"
        color: button.ink
    }
    CmsMenu {
        id: menu

        x: button.width - width
        y: button.height + Theme.space(0.5)
        current: String(button.views.place)
        entries: button.entries
        onChosen: id => button.take(id)
    }
    SaveViewDialog {
        id: dialog

        views: button.views
    }
}
