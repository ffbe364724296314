import QtQuick
import QtQuick.Layouts
import Cms.Theme

// The bar at the top of a page: where one is, and at the right what can be done.
Item {
    id: header

    property string title
    property string subtitle
    property string badge
    property string badgeText
    property bool serif: false
    property bool back: false
    property bool small: false
    default property alias actions: slot.data

    signal backClicked

    implicitHeight: Theme.sizeTopBar

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: header.width < Theme.breakpoint - Theme.sizeSidebar ? Theme.sizePagePaddingCompact : Theme.sizePagePadding
        anchors.rightMargin: anchors.leftMargin
        spacing: Theme.space(1.5)

        IconButton {
            objectName: "headerBack"
            Layout.leftMargin: -Theme.space(1.25)
            Layout.rightMargin: -Theme.space(1)
            visible: header.back
            icon: "arrow-left"
            tip: qsTr("Back")
            onClicked: header.backClicked()
        }
        T {
            objectName: "headerTitle"
            Layout.fillWidth: header.badge === "" && header.subtitle === ""
            Layout.maximumWidth: implicitWidth + 1
            role: header.serif ? "paperTitle" : header.small ? "bodyStrong" : "title"
            text: header.title
            elide: Text.ElideRight
            Accessible.role: Accessible.Heading
        }
        Badge {
            visible: header.badge !== ""
            state: header.badge
            text: header.badgeText
        }
        T {
            visible: text !== ""
            text: header.subtitle
            color: Theme.inkTertiary
            elide: Text.ElideRight
        }
        Item {
            Layout.fillWidth: true
        }
        Row {
            id: slot

            spacing: Theme.space(1.5)
        }
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
