import QtQuick
import Cms.Theme

// A sheet on the desk.
Rectangle {
    id: sheet

    default property alias content: inside.data
    property real margin: Theme.sizePaperMargin

    implicitWidth: Theme.sizePaperWidth
    implicitHeight: inside.childrenRect.height + 2 * margin
    radius: Theme.radiusPaper
    color: Theme.paper
    border.width: Theme.lineHairline
    border.color: Theme.hairline

    Item {
        id: inside

        anchors.fill: parent
        anchors.margins: sheet.margin
    }
}
