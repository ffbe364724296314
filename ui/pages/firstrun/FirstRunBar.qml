import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// The head of the first run: whose program this is, and the other way in.
RowLayout {
    id: bar

    property bool restoring: false
    property bool busy: false

    signal other

    height: Theme.space(8)
    spacing: Theme.space(1.5)

    Seal {
        size: Theme.space(3)
    }
    T {
        Layout.fillWidth: true
        role: "bodyStrong"
        text: qsTr("CMS")
    }
    CmsButton {
        objectName: "firstRunOther"
        kind: "quiet"
        enabled: !bar.busy
        text: bar.restoring ? qsTr("Begin with new keys") : qsTr("Restore from words or a file")
        onClicked: bar.other()
    }
}
