import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// A place for one file: let go over it, or chosen.
FocusScope {
    id: part

    property alias title: zone.title
    property alias text: zone.text

    signal chooseWanted
    signal dropped(url file)

    implicitHeight: column.implicitHeight

    ColumnLayout {
        id: column

        width: parent.width
        spacing: Theme.space(1)

        DropZone {
            id: zone

            Layout.fillWidth: true

            DropArea {
                anchors.fill: parent
                keys: ["text/uri-list"]
                onDropped: event => {
                    if (event.urls.length > 0)
                        part.dropped(event.urls[0]);
                    event.accept();
                }
            }
        }
        CmsButton {
            objectName: "fileChoose"
            focus: true
            small: true
            icon: "folder-open"
            text: qsTr("Choose the file")
            onClicked: part.chooseWanted()
        }
    }
}
