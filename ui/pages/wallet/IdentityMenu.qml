import QtQuick
import Cms.Components

// What else can be done with an identity.
IconButton {
    id: more

    property string name

    signal picked(string id)

    objectName: "identityMore"
    icon: "dots-three"
    tip: qsTr("More for %1").arg(name)
    onClicked: menu.open()

    CmsMenu {
        id: menu

        x: more.width - width
        y: more.height
        entries: [
            {
                "id": "use",
                "text": qsTr("Use this one"),
                "icon": "check-circle"
            },
            {
                "id": "rename",
                "text": qsTr("Change the name"),
                "icon": "pencil-simple"
            },
            {
                "id": "export",
                "text": qsTr("Export the key"),
                "icon": "export"
            }
        ]
        onChosen: id => more.picked(id)
    }
}
