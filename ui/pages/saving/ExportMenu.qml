pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// What can be saved: the evidence file, and the report in three forms.
CmsButton {
    id: button

    signal chosen(string kind)

    objectName: "export"
    text: qsTr("Export")
    icon: "download-simple"
    kind: "secondary"
    onClicked: menu.open()

    CmsMenu {
        id: menu

        y: button.height + Theme.space(0.5)
        x: button.width - width
        entries: [
            {
                "id": "cmsproof",
                "text": qsTr("Evidence file"),
                "icon": "shield-check"
            },
            {
                "id": "pdf",
                "text": qsTr("Certificate, PDF with the evidence inside"),
                "icon": "file-pdf"
            },
            {
                "id": "html",
                "text": qsTr("Report, HTML"),
                "icon": "browser"
            },
            {
                "id": "json",
                "text": qsTr("Report, JSON"),
                "icon": "brackets-curly"
            }
        ]
        onChosen: id => button.chosen(id)
    }
}
