import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// One contact: the name that this person gave, the address, how surely it is theirs.
Item {
    id: row

    required property string key
    required property string name
    required property string did
    required property string icon
    required property string how
    required property string tone
    required property int contracts

    signal compareWanted
    signal removed

    objectName: "contact-" + name
    implicitHeight: Theme.space(5.5)

    RowLayout {
        anchors.fill: parent
        spacing: Theme.space(1)

        T {
            Layout.fillWidth: true
            Layout.preferredWidth: Theme.space(24)
            role: "bodyStrong"
            text: row.name
            elide: Text.ElideRight
        }
        Item {
            Layout.preferredWidth: Theme.space(30)
            Layout.fillHeight: true

            DigestLabel {
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(implicitWidth, parent.width)
                value: row.did
            }
        }
        ContactTrust {
            objectName: "contactCompare"
            Layout.preferredWidth: Theme.space(25)
            icon: row.icon
            text: row.how
            tone: Theme[row.tone]
            name: row.name
            onClicked: row.compareWanted()
        }
        T {
            Layout.preferredWidth: Theme.space(7)
            text: row.contracts
            horizontalAlignment: Text.AlignRight
        }
        IconButton {
            Layout.preferredWidth: Theme.space(4)
            icon: "x"
            tip: qsTr("Take %1 out of the contacts").arg(row.name)
            onClicked: row.removed()
        }
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
